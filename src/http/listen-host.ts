/** The host to give to `listen`: none for `::`, so that a machine without IPv6 listens on all its addresses, too. */
export const listenHost = (host: string): string | undefined => (host === '::' ? undefined : host);
