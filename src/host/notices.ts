/** What starting, watching and stopping the node's container says. */
export type ContainerNotice =
  | { readonly code: 'container.image.fetched'; readonly image: string }
  /** The command that is run next. */
  | { readonly code: 'container.command'; readonly words: readonly string[] }
  /** What is there makes way; `reason` is undefined where nothing is. */
  | { readonly code: 'container.replaced'; readonly reason: string | undefined }
  /** A healthy container of the same settings is left as it is, and who stays with it. */
  | { readonly code: 'container.kept'; readonly by: 'engine' | 'init-system' | 'watch' }
  | { readonly code: 'container.started' }
  /** A line that it logged. */
  | { readonly code: 'container.log'; readonly line: string }
  /** What ran before is back after a failure, as it was. */
  | { readonly code: 'container.restored'; readonly running: boolean; readonly exitCode: number; readonly outOfMemory: boolean }
  /** What ran before is there under the name `as`, since it could not be brought back. */
  | { readonly code: 'container.not-restored'; readonly as: string; readonly reason: string }
  /** What ran before cannot be brought back: its engine removed it when it was stopped. */
  | { readonly code: 'container.removed-itself' }
  | { readonly code: 'container.watched' }
  | { readonly code: 'container.ended'; readonly exitCode: number; readonly outOfMemory: boolean; readonly seconds: number }
  | { readonly code: 'container.failed'; readonly lines: readonly string[] }
  | { readonly code: 'container.restarts'; readonly seconds: number }
  | { readonly code: 'container.stopped' };
