/**
 * Takes what long work says while it goes on: a code and its data. Whoever runs the work shows it as it likes: on a terminal, as
 * JSON, in a log. A room with such work names what it says in its `notices.ts`; the words stand in `output/views/notices.ts`.
 */
export type Notify<Notice extends { readonly code: string }> = (notice: Notice) => void;
