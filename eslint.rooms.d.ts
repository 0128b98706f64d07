export const MAY_IMPORT: Readonly<Record<string, readonly string[]>>;
export function checkRooms(mayImport: Readonly<Record<string, readonly string[]>>, rooms: readonly string[]): void;
