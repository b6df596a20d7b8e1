/** https://developers.google.com/analytics/devguides/collection/protocol/ga4 (read 2026-11). */
export const COLLECT_PATH = '/mp/collect';
export const DEBUG_PATH = '/debug/mp/collect';
