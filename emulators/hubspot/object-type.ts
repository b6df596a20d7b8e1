import type { EmulatorRequest } from '../core/index.ts';
import { invalid, notEmulated } from './errors.ts';

const CONTACTS = new Set(['contacts', 'contact', '0-1']);

// What HubSpot has besides, so that a client learns that the emulator is at fault, not its spelling.
const OTHERS = new Set(
  'companies deals tickets products line_items quotes notes calls tasks meetings emails orders leads'.split(
    ' ',
  ),
);

/** Of the object types only contacts exist here, under each of their names. */
export function requireContacts(request: EmulatorRequest): void {
  const type = request.param('type');
  if (CONTACTS.has(type)) return;
  if (OTHERS.has(type) || /^[02]-\d+$/.test(type)) throw notEmulated(`the object type ${type}`);
  throw invalid(`Unable to infer object type from: ${type}`);
}
