import { z } from 'zod';
import { defineEmulator } from '../core/index.ts';
import { FAULT_PRESETS } from './fault-presets.ts';
import { finish } from './guard.ts';
import { refuseUnreadable } from './problems.ts';
import { applySeed, seedSchema, showPage, showState } from './seed.ts';
import { RuleState } from './state.ts';
import { v2Routes } from './v2/routes.ts';
import { v3Routes } from './v3/routes.ts';

export { DEFAULT_KEY } from './state.ts';

// A thousand subscribers with fifty fields each stay below this.
const BODY_BYTES_MAX = 10 * 1024 * 1024;

/** Rule's two APIs, as the README has them. */
export const ruleEmulator = defineEmulator({
  id: 'rule',
  title: 'Rule',
  seedSchema,
  makeState: (context) => new RuleState(context),
  applySeed,
  closeState: (state) => state.close(),
  showState,
  showPage,
  limits: {
    schema: z.strictObject({
      allowed: z.int().positive().optional(),
      errorPercent: z.number().positive().optional(),
      errorsCountFrom: z.int().positive().optional(),
      windowMs: z.int().positive().optional(),
    }),
    show: (state) => ({ ...state.limits, keys: state.showUsage() }),
    apply: (state, change) => {
      const given = Object.entries(change).filter(([, limit]) => limit !== undefined);
      state.setLimits(Object.fromEntries(given));
    },
  },
  routes: [...v2Routes, ...v3Routes],
  refuse: refuseUnreadable,
  faultPresets: FAULT_PRESETS,
  finish,
  bodyBytesMax: BODY_BYTES_MAX,
});
