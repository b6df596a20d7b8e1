/**
 * Arrays as parameters in PostgreSQL's binary form, which `pg` sends as they are: no value is escaped by us or
 * parsed by the server. Form: dimensions, null flag, element type, length and lower bound, then each element
 * with its length (PostgreSQL source, array_recv in src/backend/utils/adt/arrayfuncs.c, version 18).
 */

// Element types (pg_type.dat, version 18).
const INT8 = 20;
const INT2 = 21;
const INT4 = 23;
const TEXT = 25;
const TIMESTAMPTZ = 1184;

const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
const NULL_LENGTH = -1;

export function textArray(values: readonly (string | null)[]): Buffer {
  let size = 0;
  for (const value of values) size += LENGTH_BYTES + (value === null ? 0 : Buffer.byteLength(value));
  const buffer = makeArray(TEXT, values.length, size);
  let offset = HEADER_BYTES;
  for (const value of values) {
    const length = value === null ? 0 : buffer.write(value, offset + LENGTH_BYTES);
    buffer.writeInt32BE(value === null ? NULL_LENGTH : length, offset);
    offset += LENGTH_BYTES + length;
  }
  return buffer;
}

export function smallintArray(values: readonly number[]): Buffer {
  return fixedArray(INT2, 2, values, (buffer, value, offset) => buffer.writeInt16BE(value, offset));
}

export function integerArray(values: readonly number[]): Buffer {
  return fixedArray(INT4, 4, values, (buffer, value, offset) => buffer.writeInt32BE(value, offset));
}

export function bigintArray(values: readonly number[]): Buffer {
  return fixedArray(INT8, 8, values, (buffer, value, offset) =>
    buffer.writeBigInt64BE(BigInt(value), offset),
  );
}

// PostgreSQL counts microseconds from the start of the year 2000.
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

/** From ISO times; throws a RangeError when one is no time. */
export function timestampArray(values: readonly string[]): Buffer {
  return fixedArray(TIMESTAMPTZ, 8, values, (buffer, value, offset) =>
    buffer.writeBigInt64BE(BigInt(Date.parse(value) - POSTGRES_EPOCH_MS) * 1000n, offset),
  );
}

/** An array of elements that all have the same number of bytes. */
function fixedArray<Value>(
  elementType: number,
  bytes: number,
  values: readonly Value[],
  write: (buffer: Buffer, value: Value, offset: number) => void,
): Buffer {
  const buffer = makeArray(elementType, values.length, values.length * (LENGTH_BYTES + bytes));
  values.forEach((value, index) => {
    const offset = HEADER_BYTES + index * (LENGTH_BYTES + bytes);
    buffer.writeInt32BE(bytes, offset);
    write(buffer, value, offset + LENGTH_BYTES);
  });
  return buffer;
}

function makeArray(elementType: number, length: number, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(HEADER_BYTES + size);
  buffer.writeInt32BE(1, 0);
  // "May hold nulls": the server looks at the lengths either way.
  buffer.writeInt32BE(1, 4);
  buffer.writeInt32BE(elementType, 8);
  buffer.writeInt32BE(length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer;
}
