// `@rulecom/client` 0.4.0-beta.7 imports these names from a package that was never published (2026-11), so that it cannot
// be installed as it is; package.json puts this one in its place. They serve templates of mails, which no test makes.
export const DEFAULT_FALLBACK_FONT_FAMILIES_MAP = {};
export const DefaultFontFamily = {};
export const EmailThemeColorType = {};
export const EmailThemeFontStyleType = {};
export const EmailThemeImageType = {};

export function applyTheme() {
  throw new Error('No theme can be applied.');
}
export const buildRcmlDocument = applyTheme;
export const createEmailTheme = applyTheme;
export const createSmsDocument = applyTheme;
