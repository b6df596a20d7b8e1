// HubSpot takes an address of local part and domain with a dot; what it refuses beyond that is seen in its answer.
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

export function isEmail(text: string): boolean {
  return EMAIL.test(text);
}

/** The form in which HubSpot compares addresses, and keeps them. */
export function normaliseEmail(email: string): string {
  return email.trim().toLowerCase();
}
