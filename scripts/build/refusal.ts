/** Why nothing is built: a sentence for whoever wrote what is refused. */
export class Refusal extends Error {}
