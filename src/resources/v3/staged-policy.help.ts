/** Help for what staged policies have beside those that are enforced. */
export const stagedActionHelp = ['What is to become of the enforced policy of this name: Set it as it stands here, Delete it, or nothing (Learn, Ignore).', 'Set'] as const;
