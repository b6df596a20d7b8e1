export const EVENT_PROPERTY_TYPES = ['string', 'number', 'enumeration', 'datetime', 'bool', 'date'] as const;
export type EventPropertyType = (typeof EVENT_PROPERTY_TYPES)[number];

export interface EventProperty {
  readonly name: string;
  readonly label: string;
  readonly type: EventPropertyType;
  readonly description: string;
  readonly options: readonly { readonly label: string; readonly value: string }[];
  readonly hubspotDefined: boolean;
  readonly archived: boolean;
  readonly createdAt: number;
  readonly updatedAt: number;
}
