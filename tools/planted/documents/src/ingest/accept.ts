export function accept(): void {
  // Enough for a stop to resolve.
}
