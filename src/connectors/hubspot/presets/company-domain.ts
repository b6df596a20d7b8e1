import { getDomain } from 'tldts';

/**
 * The domain by which HubSpot tells companies apart: the part of a website's host that one registers
 * (`https://shop.acme.co.uk/about` → `acme.co.uk`). `undefined` for what is no full web address, such as a bare
 * `acme.co.uk`, an IP address or a public suffix.
 */
export function companyDomain(website: string): string | undefined {
  const text = website.trim();
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  // Below `myshopify.com` and the like everybody is another company; taking them for one would mix up their data.
  return getDomain(new URL(text).hostname, { allowPrivateDomains: true }) ?? undefined;
}
