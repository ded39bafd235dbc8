terraform {
  # Ephemeral variables and write-only arguments: passwords reach neither plan nor state.
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.30, < 8.0"
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}
