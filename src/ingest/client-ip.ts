// The names under which Segment's browser and mobile libraries report themselves. The address that a server
// library calls from is the customer's own machine, so it says nothing about the person (libraries of
// 2026-11; `context.direct` is Segment's switch for server calls made on behalf of a person).
const CLIENT_LIBRARY =
  /^(?:analytics\.js|(?:@segment\/)?analytics-(?:next|kotlin|swift|ios|android|react-native|flutter))/;

/** Adds the sender's address to the context of calls that come from the person's own device. */
export function fillIp(context: Record<string, unknown>, clientIp: string): Record<string, unknown> {
  if (context['ip'] === undefined && isFromDevice(context)) context['ip'] = clientIp;
  return context;
}

function isFromDevice(context: Record<string, unknown>): boolean {
  if (context['direct'] === true) return true;
  const library = context['library'];
  const name =
    typeof library === 'object' && library !== null && 'name' in library ? library.name : undefined;
  return typeof name === 'string' && CLIENT_LIBRARY.test(name);
}
