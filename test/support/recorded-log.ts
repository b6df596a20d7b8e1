/** A log that keeps what it was told, for tests that ask and for those that want silence. */
import type { LogSink } from '../../src/store/log-sink.ts';

export interface RecordedLog extends LogSink {
  readonly messages: readonly string[];
}

export function makeRecordedLog(): RecordedLog {
  const messages: string[] = [];
  const record = (_fields: object, message: string): void => {
    messages.push(message);
  };
  return { messages, info: record, warn: record, error: record };
}
