import { expect, test } from 'vitest';
import { activityName } from './event-name.ts';

test.each([
  ['userVendor.1#new', 'user_vendor_new'],
  ['userVendor.1#update', 'user_vendor_update'],
  ['contract.1#purchased', 'contract_purchased'],
  ['contract.1#update', 'contract_update'],
  ['contract#cancelRequest', 'contract_cancel_request'],
  ['entitlement.1#new', 'entitlement_new'],
  ['entitlement.1#update', 'entitlement_update'],
  ['checkout.1#confirm', 'checkout_confirm'],
  ['a very long type of event from another platform', 'a_very_long_type_of_event_from'],
  ['x', 'event_x'],
  ['契約', 'event'],
])('%s is called %s', (eventType, name) => {
  expect(activityName(eventType)).toBe(name);
  expect(name).toMatch(/^.{2,30}$/);
});
