type Kind = 'event' | 'profile';

async function append(kind: Kind): Promise<void> {
  switch (kind) {
    case 'event':
      await Promise.resolve();
  }
}

export default function start(anything: any): void {
  append(anything);
}
