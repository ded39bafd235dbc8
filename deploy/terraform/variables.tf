variable "project" {
  description = "Project that Sitrep runs in: better one that it does not watch."
  type        = string
}

variable "region" {
  description = "Region that Sitrep and its database run in: none that it watches, so that it outlives what it reports."
  type        = string
}

variable "watched_projects" {
  description = "Projects that Sitrep may read."
  type        = set(string)
}

variable "watched_regions" {
  description = "Regions of the components that Sitrep watches."
  type        = set(string)
}

variable "state_buckets" {
  description = "Buckets with the Terraform states that Sitrep may read; none where no component is a state."
  type        = set(string)
  default     = []
}

variable "image_digest" {
  description = "Digest of ghcr.io/netra-systems/sitrep, as the release tells it: sha256:…"
  type        = string

  validation {
    condition     = can(regex("^sha256:[0-9a-f]{64}$", var.image_digest))
    error_message = "Name the image by its digest: a tag may be another image tomorrow."
  }
}

variable "app_id" {
  description = "Id of the GitHub App."
  type        = number
}

variable "policy" {
  description = "Text of the operator's policy: file(\"sitrep.policy.yml\")."
  type        = string
}

variable "private_key" {
  description = "Private key of the GitHub App, PEM."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "webhook_secret" {
  description = "Secret of the App's webhook."
  type        = string
  sensitive   = true
  ephemeral   = true
}

variable "database_url" {
  description = "postgres://… of a PostgreSQL 15 or newer that is there; null for a Cloud SQL instance made here."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "create_database" {
  description = "Whether a Cloud SQL instance is made; then database_password is needed, and database_url is not."
  type        = bool
  default     = true
}

variable "database_password" {
  description = "Password of the user sitrep of the instance that is made: letters and digits."
  type        = string
  default     = null
  sensitive   = true
  ephemeral   = true
}

variable "database_tier" {
  description = "Machine type of the instance that is made."
  type        = string
  default     = "db-custom-1-3840"
}

variable "secrets_version" {
  description = "Raise it when a secret, the password or the address of the database has changed: it is written anew."
  type        = number
  default     = 1
}

variable "max_instances" {
  description = "Most instances at once. All work on one database."
  type        = number
  default     = 3
}
