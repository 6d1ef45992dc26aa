/** What the names of homes in the system's temporary directory begin with. */
export const homePrefix = "ws-auth-";

/** The file in a home that says which process it belongs to. */
export const ownerFile = ".owner.json";
