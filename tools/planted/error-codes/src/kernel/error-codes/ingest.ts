export const ERROR_CODES = {
  'ingest.body_too_large': { status: 413 },
  'ingest.unexplained': { status: 400 },
  'ingest.unraised': { status: 400 },
};
