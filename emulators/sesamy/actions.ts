import { z } from 'zod';
import { json, Refused } from '../core/index.ts';
import type { Reply } from '../core/index.ts';
import type { SesamyRoute } from './caller.ts';
import { end, fallOverdue, grantAccess, renew, requestCancel, revokeAccess } from './contract-life.ts';
import { parse, problem } from './problem.ts';
import { confirmCheckout, openCheckout } from './purchase.ts';
import { attributionSchema, checkoutRequestSchema, PRODUCT_TYPES, profileChangeSchema } from './shapes.ts';
import type { SesamyState } from './state.ts';
import { issueToken } from './tokens.ts';
import { createUser, deleteUser, updateUser } from './users.ts';

const text = z.string().min(1);
const ofUser = z.strictObject({ userId: text });
const ofContract = z.strictObject({ contractId: text });
const REDIRECT_URL = 'https://www.example.com/thanks';

interface Verb {
  readonly summary: string;
  readonly input: z.ZodType;
  readonly run: (state: SesamyState, body: unknown) => unknown;
}

function verb<Input extends z.ZodType>(
  summary: string,
  input: Input,
  act: (state: SesamyState, input: z.output<Input>) => unknown,
): Verb {
  return { summary, input, run: (state, body) => act(state, parse(input, body)) };
}

const purchaseInput = z.strictObject({
  userId: text,
  sku: text,
  purchaseOptionId: text.optional(),
  price: z.number().optional(),
  currency: text.optional(),
  discountCodes: z.array(text).optional(),
  attribution: attributionSchema.optional(),
});

const articleInput = z.strictObject({
  userId: text,
  sku: text,
  title: text,
  price: z.number().default(19),
  type: z.enum(PRODUCT_TYPES).default('article'),
});

/** What can be made to happen: `POST /_emulator/actions/<verb>`. Each raises the events of a real platform. */
const VERBS: Readonly<Record<string, Verb>> = {
  'create-user': verb(
    'A user registers',
    profileChangeSchema.extend({ userId: text.optional() }),
    (state, { userId, ...change }) => createUser(state, change, userId),
  ),
  'update-user': verb(
    'A profile changes',
    profileChangeSchema.extend({ userId: text }),
    (state, { userId, ...change }) => updateUser(state, userId, change),
  ),
  tag: verb('A user gets a tag', ofUser.extend({ tag: text }), (state, { userId, tag }) =>
    updateUser(state, userId, { tags: [...new Set([...(state.user(userId).tags ?? []), tag])] }),
  ),
  untag: verb('A user loses a tag', ofUser.extend({ tag: text }), (state, { userId, tag }) =>
    updateUser(state, userId, { tags: (state.user(userId).tags ?? []).filter((own) => own !== tag) }),
  ),
  'delete-user': verb('A user is deleted; no event is known for it', ofUser, (state, { userId }) => {
    deleteUser(state, userId);
    return null;
  }),
  purchase: verb('A user buys a subscription', purchaseInput, (state, input) => {
    const { userId, discountCodes, sku, purchaseOptionId, price, currency, attribution } = input;
    const checkout = openCheckout(state, {
      items: [{ sku, purchaseOptionId, price, currency }],
      redirectUrl: REDIRECT_URL,
      email: state.user(userId).email,
      attribution,
      requestedDiscountCodes: discountCodes,
    });
    return confirmCheckout(state, checkout.id, userId);
  }),
  'buy-article': verb('A user buys a single article, made up when unknown', articleInput, (state, input) => {
    const { userId, sku, title, price, type } = input;
    if (!state.products.has(sku)) {
      const stamps = { createdAt: state.now(), updatedAt: state.now() };
      state.products.set(sku, {
        sku,
        title,
        productType: type,
        language: 'sv',
        cover: 'https://cdn.example/cover.png',
        ...stamps,
      });
    }
    const items = [{ sku, price, currency: 'SEK' }];
    return confirmCheckout(state, openCheckout(state, { items, redirectUrl: REDIRECT_URL }).id, userId);
  }),
  gift: verb(
    'A subscription that somebody else pays',
    purchaseInput.extend({ payerId: text }),
    (state, input) => {
      const { userId, payerId, sku, purchaseOptionId } = input;
      const payer = { id: payerId, email: state.user(payerId).email ?? '' };
      const request = { items: [{ sku, purchaseOptionId }], redirectUrl: REDIRECT_URL, giftMode: true };
      return confirmCheckout(state, openCheckout(state, request, payer).id, userId);
    },
  ),
  'open-checkout': verb('A checkout begins', checkoutRequestSchema, (state, request) =>
    openCheckout(state, request),
  ),
  'confirm-checkout': verb(
    'A checkout is paid',
    ofUser.extend({ checkoutId: text }),
    (state, { checkoutId, userId }) => confirmCheckout(state, checkoutId, userId),
  ),
  renew: verb('The next period is paid', ofContract, (state, { contractId }) => renew(state, contractId)),
  overdue: verb('A payment fails', ofContract, (state, { contractId }) => fallOverdue(state, contractId)),
  'request-cancel': verb('A user asks to cancel', ofContract, (state, { contractId }) =>
    requestCancel(state, contractId),
  ),
  cancel: verb('A contract ends on request', ofContract, (state, { contractId }) =>
    end(state, contractId, 'CANCELED'),
  ),
  expire: verb('A contract ends by itself', ofContract, (state, { contractId }) =>
    end(state, contractId, 'EXPIRED'),
  ),
  'grant-access': verb('Access from outside', ofUser.extend({ sku: text }), (state, { userId, sku }) =>
    grantAccess(state, userId, sku),
  ),
  'revoke-access': verb('A right ends', z.strictObject({ entitlementId: text }), (state, { entitlementId }) =>
    revokeAccess(state, entitlementId),
  ),
  'issue-token': verb('A token for a reader', ofUser, (state, { userId }) => ({
    access_token: issueToken(state, state.vendorId, state.user(userId).userId),
  })),
  'raise-event': verb(
    'Any event, true or not',
    z.strictObject({
      eventType: text,
      userId: text,
      contractId: text.optional(),
      entitlementId: text.optional(),
      checkoutId: text.optional(),
      occured_at: z.iso.datetime({ offset: true }).optional(),
    }),
    (state, { occured_at, ...event }) => {
      state.raise({ ...event, ...(occured_at === undefined ? {} : { occured_at }) });
      return null;
    },
  ),
};

export const actionRoutes: readonly SesamyRoute[] = [
  {
    method: 'GET',
    path: '/actions',
    handle: () =>
      json(
        200,
        Object.entries(VERBS).map(([name, { summary, input }]) => ({
          name,
          summary,
          input: z.toJSONSchema(input, { io: 'input' }),
        })),
      ),
  },
  {
    method: 'POST',
    path: '/actions/:verb',
    handle: (request, state) => run(state, request.param('verb'), request.json()),
  },
];

/** Makes one thing happen; for tests in the same process. */
export function run(state: SesamyState, name: string, body: unknown): Reply {
  const found = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
  if (found === undefined)
    throw new Refused(problem(404, 'not_found', `Known actions: ${Object.keys(VERBS).join(', ')}`));
  return json(200, found.run(state, body));
}
