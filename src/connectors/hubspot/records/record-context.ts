import type { DeliverContext } from '../../../kit/index.ts';
import type { Settings } from '../settings.ts';
import type { CompanyOptions } from './company-input.ts';
import type { ContactOptions } from './contact-input.ts';
import type { RecordOptions } from './record-options.ts';

/** What every step of upserting has at hand, whatever the object type. */
export type UpsertOptions = RecordOptions &
  Partial<Pick<ContactOptions, 'merge_by' | 'new_email'>> &
  Partial<Pick<CompanyOptions, 'domain_property' | 'further_domains'>>;

export type UpsertContext = DeliverContext<Settings, UpsertOptions>;

/** The same for the records of one object type. */
export interface RecordContext extends UpsertContext {
  readonly type: string;
}
