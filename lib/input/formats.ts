import { text } from "./fields";

/** A Google account, as both IAM (which stores lower case) and Kubernetes (which compares letters) take it. */
export function emailAddress(description: string, example: string) {
  return text({
    description,
    example,
    format: "an e-mail address",
    advice: "write it in full and in lower case",
    pattern:
      /^[a-z0-9](?:[a-z0-9._%+'-]{0,62}[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
    maxLength: { value: 254, reason: "no mail server takes more" },
  });
}
