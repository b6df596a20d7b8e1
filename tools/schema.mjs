// `npm run schema`: writes migrations/schema.sql anew, after a migration was added.
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';

const main = await build({
  name: 'schema',
  entry: 'tools/write-schema.ts',
  alsoWatch: ['tools', 'migrations'],
});
await import(pathToFileURL(main).href);
