// In a comment process.env is only a word.
export async function read(db: { query(text: string): Promise<unknown> }): Promise<unknown> {
  const size = process.env['WINDOW'] ?? String(Math.random());
  const startedAt = new Date();
  await fetch(`https://example.com/${size}/${startedAt.toISOString()}`);
  return db.query('select position from events');
}
