import { z } from 'zod';
import { empty, Refused } from '../../core/index.ts';
import { filtered, one, page, publisher } from '../caller.ts';
import type { SesamyRoute } from '../caller.ts';
import { parse, problem } from '../problem.ts';
import { productSchema, profileChangeSchema, vendorSchema } from '../shapes.ts';
import type { Profile } from '../shapes.ts';
import type { SesamyState } from '../state.ts';
import { createUser, deleteUser, updateUser } from '../users.ts';
import { withoutOwner } from './own.ts';

const M = '/management';
const metadataValue = z.union([z.string(), z.number()]);

const userRoutes: readonly SesamyRoute[] = [
  publisher('GET', `${M}/users`, (request, state) => {
    const search = request.query.get('search')?.toLowerCase() ?? '';
    const found = [...state.users.values()].filter((user) => searchText(user).includes(search));
    return page(request, state, found, ['search']);
  }),
  publisher('POST', `${M}/users`, (request, state) =>
    one(state, createUser(state, parse(profileChangeSchema, request.json())), 201),
  ),
  publisher('GET', `${M}/users/:id`, (request, state) => one(state, state.user(request.param('id')))),
  publisher('PATCH', `${M}/users/:id`, (request, state) =>
    one(state, updateUser(state, request.param('id'), parse(profileChangeSchema, request.json()))),
  ),
  publisher('DELETE', `${M}/users/:id`, (request, state) => {
    deleteUser(state, request.param('id'));
    return empty(204);
  }),
  publisher('POST', `${M}/users/:id/set-password`, (request, state) => {
    state.user(request.param('id'));
    parse(z.strictObject({ password: z.string().min(1) }), request.json());
    return empty(204);
  }),
  publisher('POST', `${M}/users/:id/change-login-identifier`, (request, state) => {
    const { email } = parse(z.strictObject({ email: z.email() }), request.json());
    updateUser(state, request.param('id'), { email });
    return empty(204);
  }),
  publisher('PUT', `${M}/users/:id/user_metadata/:key`, (request, state) => {
    const value = parse(metadataValue, request.body.toString('utf8'));
    changeMetadata(state, request.param('id'), (metadata) => ({
      ...metadata,
      [request.param('key')]: value,
    }));
    return empty(204);
  }),
  publisher('DELETE', `${M}/users/:id/user_metadata/:key`, (request, state) => {
    changeMetadata(state, request.param('id'), ({ [request.param('key')]: _gone, ...rest }) => rest);
    return empty(204);
  }),
];

type Metadata = NonNullable<Profile['user_metadata']>;

function changeMetadata(state: SesamyState, userId: string, change: (metadata: Metadata) => Metadata): void {
  updateUser(state, userId, { user_metadata: change(state.user(userId).user_metadata ?? {}) });
}

function searchText({ userId, email, firstName, lastName, name }: Profile): string {
  return [userId, email, firstName, lastName, name].join(' ').toLowerCase();
}

const saleRoutes: readonly SesamyRoute[] = [
  publisher('GET', `${M}/contracts`, (request, state) => {
    const names = ['userId', 'status'];
    return page(request, state, filtered(request, state.contracts.values(), names), names);
  }),
  publisher('GET', `${M}/contracts/:id`, (request, state) => one(state, state.contract(request.param('id')))),
  publisher('GET', `${M}/entitlements`, (request, state) => {
    // The vendor's SDK leaves the names of these filters open; they are those of the sister lists.
    const names = ['userId', 'sku', 'type'];
    return page(
      request,
      state,
      filtered(request, state.entitlements.values(), names).map(withoutOwner),
      names,
    );
  }),
  publisher('GET', `${M}/bills`, (request, state) => {
    const names = ['contractId', 'status'];
    return page(request, state, filtered(request, state.bills.values(), names).map(withoutOwner), names);
  }),
  publisher('GET', `${M}/bills/:id`, (request, state) => {
    const bill = state.bills.get(request.param('id'));
    if (bill === undefined) throw new Refused(problem(404, 'not_found', 'No such bill'));
    return one(state, withoutOwner(bill));
  }),
  publisher('GET', `${M}/transactions`, (request, state) =>
    page(request, state, filtered(request, state.transactions.values(), ['userId']), [
      'userId',
      'type',
      'status',
    ]),
  ),
];

const catalogueRoutes: readonly SesamyRoute[] = [
  publisher('GET', `${M}/products`, (request, state) => {
    const search = request.query.get('search')?.toLowerCase() ?? '';
    const found = [...state.products.values()].filter(({ sku, title }) =>
      `${sku} ${title}`.toLowerCase().includes(search),
    );
    return page(request, state, found, ['search']);
  }),
  publisher('POST', `${M}/products`, (request, state) => {
    const given = parse(productSchema.omit({ createdAt: true, updatedAt: true }), request.json());
    if (state.products.has(given.sku)) throw new Refused(problem(409, 'conflict', 'The sku is taken'));
    const product = { ...given, createdAt: state.now(), updatedAt: state.now() };
    state.products.set(product.sku, product);
    return one(state, product, 201);
  }),
  publisher('GET', `${M}/products/:sku`, (request, state) => one(state, state.product(request.param('sku')))),
  publisher('PATCH', `${M}/products/:sku`, (request, state) => {
    const change = parse(
      z.strictObject({ title: z.string().min(1).optional(), language: z.string().optional() }),
      request.json(),
    );
    const { title, language, ...rest } = state.product(request.param('sku'));
    const product = {
      ...rest,
      title: change.title ?? title,
      language: change.language ?? language,
      updatedAt: state.now(),
    };
    state.products.set(product.sku, product);
    return one(state, product);
  }),
  publisher('GET', `${M}/vendors`, (request, state) => page(request, state, [...state.vendors.values()], [])),
  publisher('POST', `${M}/vendors`, (request, state) => {
    const vendor = parse(vendorSchema, request.json());
    state.vendors.set(vendor.id, vendor);
    return one(state, vendor, 201);
  }),
];

export const managementRoutes: readonly SesamyRoute[] = [...userRoutes, ...saleRoutes, ...catalogueRoutes];
