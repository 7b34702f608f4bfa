const ENDS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Does work that starts other processes, and ends all of them, the last first, whatever ends the work: its end, an error, or a signal to this process.
 * @param work adds to `started` how each is ended, as soon as it runs
 */
export async function withCleanUp(work: (started: AsyncDisposableStack) => Promise<void>): Promise<void> {
  const started = new AsyncDisposableStack();
  const end = () => void started.disposeAsync().finally(() => process.exit(1));
  for (const signal of ENDS) process.once(signal, end);
  try {
    await work(started);
  } finally {
    await started.disposeAsync();
    for (const signal of ENDS) process.off(signal, end);
  }
}
