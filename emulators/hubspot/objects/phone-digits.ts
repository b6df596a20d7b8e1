// Country codes of one and two digits (ITU-T E.164 assigned codes, 2016-11); all others have three.
const SHORT_CODES = /^(1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58])/;

/** The digits without the country code, which is how HubSpot finds phone numbers. */
export function withoutCountry(phone: string | undefined): string | undefined {
  if (phone === undefined) return undefined;
  const digits = phone.replaceAll(/\D/g, '');
  const national = phone.trim().startsWith('+')
    ? digits.replace(SHORT_CODES.test(digits) ? SHORT_CODES : /^\d{3}/, '')
    : digits;
  return national === '' ? undefined : national;
}
