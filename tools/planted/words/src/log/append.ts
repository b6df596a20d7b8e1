// TODO: make this fast, see /work/notes and design.md section 6.
// oxlint-disable-next-line no-empty
export function append(): void {
  try {
    JSON.parse('{');
  } catch {}
}
