/** What one answer may cost, in the JVM and here. */
export interface MBeanLimits {
  /** A longer reply is given up. */
  readonly maxReplyBytes: number;
  /** MBeans that a pattern may match, and entries of a collection; more, and the read fails rather than be cut short unseen. */
  readonly maxCollectionSize: number;
  /** Values in the reply to one read. */
  readonly maxObjects: number;
  /** Composites within composites. */
  readonly maxDepth: number;
  /** Reads of several callers that travel in one request; one caller's always travel together. */
  readonly maxReadsPerRequest: number;
}

export const defaultLimits: MBeanLimits = {
  maxReplyBytes: 8 * 1024 * 1024,
  maxCollectionSize: 5_000,
  maxObjects: 50_000,
  maxDepth: 8,
  maxReadsPerRequest: 200,
};
