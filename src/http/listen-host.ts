/** Addresses to listen at. */

/** As in `host:port` and in a URL: an address of IPv6 in brackets. */
export const inAddress = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** The host to give to `listen`: none for `::`, so that a machine without IPv6 listens on all its addresses, too. */
export const listenHost = (host: string): string | undefined => (host === '::' ? undefined : host);
