import type { Call, CallResponse } from '../../src/kit/index.ts';

interface ModelContact {
  readonly id: string;
  properties: Record<string, string>;
}

interface Input {
  readonly id: string;
  readonly idProperty?: string;
  readonly objectWriteTraceId?: string;
  readonly properties: Record<string, string>;
}

const PROPERTIES: readonly object[] = [
  text('email'),
  text('firstname'),
  text('lastname'),
  text('phone'),
  text('plan'),
  { ...text('score'), calculated: true },
  { ...text('age'), type: 'number', fieldType: 'number' },
  { ...text('birthday'), type: 'date', fieldType: 'date' },
  { ...text('seen_at'), type: 'datetime', fieldType: 'date' },
  { ...text('vip'), type: 'bool', fieldType: 'booleancheckbox', options: options('true', 'false') },
  { ...text('topics'), type: 'enumeration', fieldType: 'checkbox', options: options('news', 'sport') },
  {
    ...text('lifecyclestage'),
    type: 'enumeration',
    fieldType: 'radio',
    options: options('subscriber', 'lead', 'customer'),
  },
];

function text(name: string): object {
  return { name, label: name, type: 'string', fieldType: 'text', options: [] };
}

function options(...values: string[]): object[] {
  return values.map((value, displayOrder) => ({ label: `The ${value}`, value, displayOrder, hidden: false }));
}

/**
 * The least that HubSpot does with contacts, for tests of the connector alone: no validation, no limits. What
 * HubSpot refuses is the emulator's business, or is scripted with `onCall`.
 */
export class HubspotModel {
  readonly contacts: ModelContact[] = [];
  readonly calls: Call[] = [];
  properties: object[] = PROPERTIES.map((property) => structuredClone(property));
  /** Answers a call instead of the model, when it returns something. */
  onCall: (call: Call) => CallResponse | undefined = () => undefined;

  add(properties: Record<string, string>): string {
    const id = String(1000 + this.contacts.length);
    this.contacts.push({ id, properties: { ...properties } });
    return id;
  }

  /** The properties of the contact with this primary address. */
  find(email: string): Record<string, string> | undefined {
    return this.contacts.find(({ properties }) => properties['email'] === email)?.properties;
  }

  /** The calls that wrote contacts. */
  writes(): readonly Call[] {
    return this.calls.filter(({ path }) => /batch\/(upsert|update)$/.test(path));
  }

  readonly answer = (call: Call): CallResponse => {
    this.calls.push(call);
    return this.onCall(call) ?? { status: 200, headers: {}, body: this.#perform(call) };
  };

  #perform({ method, path, body }: Call): unknown {
    const inputs = (body as { inputs?: Input[] } | undefined)?.inputs ?? [];
    if (path.endsWith('/batch/read')) return { status: 'COMPLETE', ...this.#read(inputs, body) };
    if (path.endsWith('/batch/upsert'))
      return { status: 'COMPLETE', results: inputs.map((input) => this.#upsert(input)) };
    if (path.endsWith('/batch/update')) return { status: 'COMPLETE', ...this.#update(inputs) };
    if (method === 'GET' && path.endsWith('/contacts')) return { results: structuredClone(this.properties) };
    if (method === 'POST') {
      this.properties.push(structuredClone(body) as object);
      return body;
    }
    const property = this.properties.find(
      (entry) => 'name' in entry && path.endsWith(`/${String(entry.name)}`),
    );
    if (property !== undefined && method === 'PATCH') Object.assign(property, structuredClone(body));
    return structuredClone(property);
  }

  #read(inputs: readonly Input[], body: unknown): object {
    const byEmail = (body as { idProperty?: string }).idProperty === 'email';
    const found = inputs.map(({ id }) =>
      byEmail ? this.#byAddress(id) : this.contacts.find((contact) => contact.id === id),
    );
    const missing = inputs.filter((_, index) => found[index] === undefined).map(({ id }) => id);
    const results = [...new Set(found.filter((contact) => contact !== undefined))].map((contact) => ({
      id: contact.id,
      properties: Object.fromEntries(
        (body as { properties: string[] }).properties.map((name) => [name, contact.properties[name] || null]),
      ),
    }));
    return missing.length === 0 ? { results } : { results, numErrors: 1, errors: [gone(missing)] };
  }

  #upsert(input: Input): object {
    const contact = this.#byAddress(input.id);
    const id = contact?.id ?? this.add({});
    return { ...this.#write(id, input), new: contact === undefined };
  }

  #update(inputs: readonly Input[]): object {
    const isThere = ({ id }: Input): boolean => this.contacts.some((contact) => contact.id === id);
    const missing = inputs.filter((input) => !isThere(input)).map(({ id }) => id);
    const results = inputs.filter(isThere).map((input) => this.#write(input.id, input));
    return missing.length === 0 ? { results } : { results, numErrors: 1, errors: [gone(missing)] };
  }

  #write(id: string, { properties, objectWriteTraceId }: Input): object {
    const contact = this.contacts.find((entry) => entry.id === id);
    if (contact === undefined) throw new Error(`There is no contact ${id}.`);
    Object.assign(contact.properties, this.#withoutStepBack(contact.properties, properties));
    for (const [name, value] of Object.entries(contact.properties))
      if (value === '') delete contact.properties[name];
    return { id, properties: { ...properties }, objectWriteTraceId };
  }

  /** A lifecycle stage before the held one is ignored, unless the stage was blanked first. */
  #withoutStepBack(held: Record<string, string>, wanted: Record<string, string>): Record<string, string> {
    const stages = this.properties.find((entry) => 'name' in entry && entry.name === 'lifecyclestage');
    const order =
      (stages as { options: { value: string }[] } | undefined)?.options.map(({ value }) => value) ?? [];
    const { lifecyclestage: stage, ...others } = wanted;
    const isStepBack = order.indexOf(stage ?? '') < order.indexOf(held['lifecyclestage'] ?? '');
    return stage === undefined || (isStepBack && stage !== '') ? others : wanted;
  }

  #byAddress(address: string): ModelContact | undefined {
    return this.contacts.find(
      ({ properties }) =>
        properties['email'] === address ||
        properties['hs_additional_emails']?.split(';').includes(address) === true,
    );
  }
}

function gone(ids: readonly string[]): object {
  return {
    status: 'error',
    category: 'OBJECT_NOT_FOUND',
    message: 'Could not get some CONTACT objects.',
    context: { ids },
  };
}
