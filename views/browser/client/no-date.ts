/** The first day that ZIP can say: its times are local and would otherwise tell of the writer's clock. */
export const noDate = new Date(1980, 0, 1);
