/**
 * Thrown by a job that is in order but too early: GitHub asks for a pause, or the budget of its installation is used
 * up. The queue runs it again after the pause; it does not count as a try.
 */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** Milliseconds from now. */
  readonly afterMs: number;

  constructor(reason: string, afterMs: number, options?: ErrorOptions) {
    super(reason, options);
    this.afterMs = Math.max(0, Math.ceil(afterMs));
  }
}
