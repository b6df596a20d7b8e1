import type { DeliverContext } from '../../../kit/index.ts';
import type { Settings } from '../settings.ts';
import type { ContactOptions } from './record-input.ts';

/** What every step of upserting contacts has at hand. */
export type ContactContext = DeliverContext<Settings, ContactOptions>;
