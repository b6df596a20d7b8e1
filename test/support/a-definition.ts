/** A definition like the one of the manual, in a workspace and with credentials of its own. */
import type {
  ConnectionDefinition,
  SourceDefinition,
  WorkspaceDefinition,
} from '../../src/flows/workspace.ts';

export const HUBSPOT: ConnectionDefinition = {
  name: 'hubspot',
  connector: 'hubspot',
  settings: { base_url: 'http://127.0.0.1:4010', plan: 'professional' },
  secrets: { access_token: 'hidden-access-token' },
};

export function aSegmentSource(name: string, credential: string): SourceDefinition {
  return { name, type: 'segment', settings: {}, secrets: { write_key: credential }, credential };
}

let count = 0;

export function aDefinition(): WorkspaceDefinition {
  count += 1;
  const name = `w${String(count)}`;
  return {
    name,
    sources: [
      aSegmentSource('site', `wk-${name}`),
      {
        name: 'sesamy',
        type: 'sesamy',
        settings: { api_url: 'http://127.0.0.1:4020', client_id: 'id' },
        secrets: { token: `whs-${name}`, client_secret: 'hidden-client-secret' },
        credential: `whs-${name}`,
      },
    ],
    connections: [HUBSPOT],
    flows: [
      { name: 'subscribers', preset: 'hubspot/subscribers', from: 'sesamy', to: 'hubspot', options: {} },
      { name: 'identify', preset: 'hubspot/identify', from: 'site', to: 'hubspot', options: {} },
    ],
  };
}
