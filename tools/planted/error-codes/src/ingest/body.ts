export const CODES = ['ingest.body_too_large', 'ingest.unexplained'];
