export const used = (value: unknown): void => void value;
export const unused = 1;
