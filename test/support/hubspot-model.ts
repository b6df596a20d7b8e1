import type { Call, CallResponse } from '../../src/kit/index.ts';

interface ModelContact {
  readonly id: string;
  properties: Record<string, string>;
}

/** When a property of a contact was changed last; kept apart so that contacts compare by what they hold. */
type Changes = Map<string, number>;

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
  { ...text('member'), hasUniqueValue: true },
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
  nowMs = 0;
  readonly #changes = new Map<string, Changes>();
  properties: object[] = PROPERTIES.map((property) => structuredClone(property));
  /** Answers a call instead of the model, when it returns something. */
  onCall: (call: Call) => CallResponse | undefined = () => undefined;

  add(properties: Record<string, string>): string {
    const id = String(1000 + this.contacts.length);
    this.contacts.push({ id, properties: {} });
    this.change(id, properties);
    return id;
  }

  /** Somebody else's write. */
  change(id: string, properties: Record<string, string>): void {
    const contact = this.contacts.find((entry) => entry.id === id);
    if (contact === undefined) throw new Error(`There is no contact ${id}.`);
    const changes = this.#changes.get(id) ?? new Map<string, number>();
    this.#changes.set(id, changes);
    for (const [name, value] of Object.entries(properties)) {
      if ((contact.properties[name] ?? '') !== value) changes.set(name, this.nowMs);
      if (value === '') delete contact.properties[name];
      else contact.properties[name] = value;
    }
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
    const { idProperty, propertiesWithHistory = [] } = body as {
      idProperty?: string;
      propertiesWithHistory?: string[];
    };
    const found = inputs.map(({ id }) => this.#by(idProperty, id));
    const missing = inputs.filter((_, index) => found[index] === undefined).map(({ id }) => id);
    const results = [...new Set(found.filter((contact) => contact !== undefined))].map((contact) => ({
      id: contact.id,
      properties: Object.fromEntries(
        (body as { properties: string[] }).properties.map((name) => [name, contact.properties[name] || null]),
      ),
      propertiesWithHistory: Object.fromEntries(
        propertiesWithHistory.map((name) => [name, this.#historyOf(contact, name)]),
      ),
    }));
    return missing.length === 0 ? { results } : { results, numErrors: 1, errors: [gone(missing)] };
  }

  #upsert(input: Input): object {
    const contact = this.#by(input.idProperty, input.id);
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
    this.change(id, this.#withoutStepBack(contact.properties, properties));
    return {
      id,
      properties: { ...properties },
      objectWriteTraceId,
      updatedAt: new Date(this.nowMs).toISOString(),
    };
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

  #historyOf({ id, properties }: ModelContact, name: string): readonly object[] {
    const changedMs = this.#changes.get(id)?.get(name);
    if (changedMs === undefined) return [];
    return [{ value: properties[name] ?? '', timestamp: new Date(changedMs).toISOString() }];
  }

  #by(idProperty: string | undefined, value: string): ModelContact | undefined {
    if (idProperty === 'email') return this.#byAddress(value);
    return this.contacts.find(({ id, properties }) =>
      idProperty === undefined ? id === value : properties[idProperty] === value,
    );
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
