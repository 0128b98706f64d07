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
        const settle = (): void => {
          clearTimeout(timer);
          signal.removeEventListener('abort', settle);
          resolve();
        };
        const timer = setTimeout(settle, ms);
        signal.addEventListener('abort', settle);
        this.wake = settle;
      });
    }
    this.isRung = false;
  }
}
