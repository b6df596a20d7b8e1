import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ChangeFeed } from '../objects/change-feed.ts';
import type { Change } from '../objects/change-feed.ts';
import { Associations } from './associations.ts';
import type { LinkedBy } from './associations.ts';

const CONTACT = { id: '0-1', singular: 'contact' };
const COMPANY = { id: '0-2', singular: 'company' };

const contact = (id: number): { typeId: string; id: string } => ({ typeId: CONTACT.id, id: String(id) });
const company = (id: number): { typeId: string; id: string } => ({ typeId: COMPANY.id, id: String(id) });

const IDS = [1, 2, 3];
const id = fc.constantFrom(...IDS);

/** What may happen to the links of three contacts and three companies. */
const step = fc.oneof(
  fc.record({
    do: fc.constantFrom('link', 'relink', 'unlabel'),
    from: id,
    to: id,
    // Places in the list of types from contacts to companies: plain, primary, one label.
    types: fc.subarray([0, 1, 2], { minLength: 1 }),
    isReversed: fc.boolean(),
  }),
  fc.record({ do: fc.constantFrom('unlink', 'drop', 'move'), from: id, to: id }),
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

function makeAssociations(changes: ChangeFeed): Associations {
  const associations = new Associations(changes);
  associations.types.addLabel(CONTACT, COMPANY, { name: 'boss', label: 'Boss', inverseLabel: 'Led by' });
  return associations;
}

function carryOut(associations: Associations, one: Step, isFirstPrimary: boolean): void {
  const by: LinkedBy = { at: 0, source: { changeSource: 'INTEGRATION', sourceId: '1' }, isFirstPrimary };
  const ends = [contact(one.from), company(one.to)] as const;
  if ('types' in one) {
    const all = associations.types.between(CONTACT, COMPANY);
    const types = one.types.flatMap((place) => all[place] ?? []);
    const operation = one.do;
    if (!one.isReversed) associations[operation](...ends, types, by);
    else {
      const inverses = types.map((type) => associations.types.inverseOf(type));
      associations[operation](ends[1], ends[0], inverses, by);
    }
  } else if (one.do === 'unlink') associations.unlink(...ends, by);
  else if (one.do === 'drop') associations.drop(CONTACT.id, String(one.from));
  else if (one.from !== one.to) associations.move(CONTACT.id, String(one.from), String(one.to));
}

test('whatever happens, links hold in both directions, have the plain association and one primary company', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), fc.boolean(), (steps, isFirstPrimary) => {
      const associations = makeAssociations(new ChangeFeed());
      for (const one of steps) carryOut(associations, one, isFirstPrimary);
      for (const from of IDS) {
        const links = associations.list(contact(from), COMPANY.id);
        expect(
          links.filter(([, types]) => types.some(({ isPrimary }) => isPrimary)).length,
        ).toBeLessThanOrEqual(1);
        for (const [toId, types] of links) {
          expect(types.some(({ label }) => label === null)).toBe(true);
          expect(new Set(types).size).toBe(types.length);
          const back = associations.typesOf(company(Number(toId)), contact(from));
          expect(new Set(back)).toEqual(new Set(types.map((type) => associations.types.inverseOf(type))));
        }
      }
      for (const from of IDS) {
        for (const [toId] of associations.list(company(from), CONTACT.id)) {
          expect(associations.typesOf(contact(Number(toId)), company(from))).not.toEqual([]);
        }
      }
    }),
  );
});

test('what is heard, put together, is what is linked', () => {
  fc.assert(
    fc.property(
      fc.array(
        step.filter((one) => one.do !== 'drop' && one.do !== 'move'),
        { maxLength: 30 },
      ),
      (steps) => {
        const changes = new ChangeFeed();
        const heard = new Set<string>();
        changes.on((change: Change) => {
          if (change.kind !== 'associationChange') return;
          const { typeId, objectId, toObjectId, associationTypeId, associationRemoved } = change;
          const key = [typeId, objectId, toObjectId, associationTypeId].join(' ');
          expect(heard.has(key)).toBe(associationRemoved);
          if (associationRemoved) heard.delete(key);
          else heard.add(key);
        });
        const associations = makeAssociations(changes);
        for (const one of steps) carryOut(associations, one, true);
        const linked = IDS.flatMap((from) => [
          ...associations
            .list(contact(from), COMPANY.id)
            .flatMap(([toId, types]) => types.map((type) => ({ end: contact(from), toId, type }))),
          ...associations
            .list(company(from), CONTACT.id)
            .flatMap(([toId, types]) => types.map((type) => ({ end: company(from), toId, type }))),
        ]);
        // Labels are no news.
        const told = linked.filter(({ type }) => type.label === null || type.isPrimary);
        expect(heard).toEqual(
          new Set(told.map(({ end, toId, type }) => [end.typeId, end.id, toId, type.typeId].join(' '))),
        );
      },
    ),
  );
});
