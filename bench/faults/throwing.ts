/** Loaded before a program, it has that throw when it is sent SIGUSR2. */
process.on("SIGUSR2", () => {
  throw new Error("thrown on purpose");
});
