/** Whether this Node is new enough. */
export const NEEDED_NODE = 24;
export const isNodeTooOld = Number(process.versions.node.split('.')[0]) < NEEDED_NODE;
