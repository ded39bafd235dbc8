/** Growth of a figure against the hour before from which it rose: of requests, traffic, connections. Expert setting. */
export const risen = 1.2;
