/**
 * How much longer than it computes a check of a schema may take: where the hub is busy it waits for a processor, which is not the
 * schema's fault; but it must come to its end before the time is up that whoever publishes has for it.
 */
export const CHECK_PATIENCE = 4;
