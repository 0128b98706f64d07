/** Wakes who does one thing at a time. */
export class Alarm {
  private isRung = false;
  private wake: () => void = () => undefined;

  /** There is something to do. */
  ring(): void {
    this.isRung = true;
    this.wake();
  }

  /** Settles once there is something to do, at the latest after some time, and when the signal is aborted. */
  async within(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.isRung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.wake = resolve;
        const timer = setTimeout(resolve, ms);
        const end = (): void => resolve();
        signal.addEventListener('abort', end, { once: true });
        this.wake = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          resolve();
        };
      });
    }
    this.isRung = false;
  }
}
