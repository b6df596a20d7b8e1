/** The connectors as a list; `every.ts` has a line for each. */
import type { AnyConnector } from '../kit/index.ts';
import * as every from './every.ts';

/** In the order of their names in `every.ts`, which is alphabetical. */
export const connectors: readonly AnyConnector[] = Object.values(every);
