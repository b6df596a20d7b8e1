/** Opens an address in the browser of whoever runs the command. Whether that worked cannot be known for sure. */
import { spawn } from 'node:child_process';

// `start` of Windows is a word of its shell, which would take the address apart at each `&`.
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** `onFailure` hears of a machine that has no opener; the address must be on the screen anyway. */
export function openBrowser(address: string, onFailure: () => void): void {
  const [command, ...args] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(command, [...args, address], { stdio: 'ignore', detached: true });
  child.once('error', onFailure);
  child.unref();
}
