/** Calendar days and wall clocks of a time zone. */

export interface Zone {
  /** The day there at a moment, `2026-11-21`. */
  dayOf(ms: number): string;
  /** The moment at which a clock there shows what a clock in UTC shows at `ms`. */
  fromWallClock(ms: number): number;
}

/** The zone of an IANA name such as `Europe/Stockholm`; `undefined` when there is none. */
export function findZone(name: string): Zone | undefined {
  if (name === 'UTC') return UTC;
  try {
    return makeZone(
      new Intl.DateTimeFormat('en-CA', {
        timeZone: name,
        hourCycle: 'h23',
        year: 'numeric',
        month: '2-digit',
        day: '2-digit',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
      }),
    );
  } catch (error) {
    if (error instanceof RangeError) return undefined; // What Intl says of a name that it does not know.
    throw error;
  }
}

const UTC: Zone = { dayOf: (ms) => new Date(ms).toISOString().slice(0, 10), fromWallClock: (ms) => ms };

function makeZone(format: Intl.DateTimeFormat): Zone {
  const wallClock = (ms: number): string => {
    const parts = Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const { year = '', month = '', day = '', hour = '', minute = '', second = '' } = parts;
    return `${year.padStart(4, '0')}-${month}-${day}T${hour}:${minute}:${second}Z`;
  };
  const offsetAt = (ms: number): number => Date.parse(wallClock(ms)) - Math.floor(ms / 1_000) * 1_000;
  return {
    dayOf: (ms) => wallClock(ms).slice(0, 10),
    // The second look is for moments on the other side of a change of clocks than the first guess.
    fromWallClock: (ms) => ms - offsetAt(ms - offsetAt(ms)),
  };
}
