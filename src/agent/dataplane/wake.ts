/** Lets one loop sleep until there is something to do. */
export class Wake {
  private isDue = false;
  private resolve: () => void = () => undefined;

  /** There is something to do: the next wait, or the one under way, ends at once. */
  readonly now = (): void => {
    this.isDue = true;
    this.resolve();
  };

  /** Waits until there is something to do, but no longer than so many milliseconds. Returns whether there is. */
  async wait(longestMs: number): Promise<boolean> {
    if (!this.isDue) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.resolve = resolve;
        timer = setTimeout(resolve, Math.min(Math.max(longestMs, 0), 0x7fffffff));
      });
      clearTimeout(timer);
      this.resolve = () => undefined;
    }
    const wasDue = this.isDue;
    this.isDue = false;
    return wasDue;
  }
}
