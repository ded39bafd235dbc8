resource "google_service_account" "sitrep" {
  account_id   = "sitrep"
  display_name = "Sitrep: reads infrastructure, changes none"
  depends_on   = [google_project_service.used]
}

locals {
  # What the collectors read with (docs/evidence.md); a test compares the two.
  read_roles = toset([
    "roles/cloudsql.viewer",
    "roles/compute.viewer",
    "roles/logging.viewer",
    "roles/monitoring.viewer",
    "roles/run.viewer",
    "roles/secretmanager.viewer",
    "roles/servicehealth.viewer",
    "roles/vpcaccess.viewer",
  ])
  bucket_role = "roles/storage.objectViewer"

  grants = {
    for grant in setproduct(var.watched_projects, local.read_roles) :
    "${grant[0]} ${grant[1]}" => { project = grant[0], role = grant[1] }
  }
}

resource "google_project_iam_member" "reads" {
  for_each = local.grants

  project = each.value.project
  role    = each.value.role
  member  = google_service_account.sitrep.member
}

resource "google_storage_bucket_iam_member" "reads" {
  for_each = var.state_buckets

  bucket = each.value
  role   = local.bucket_role
  member = google_service_account.sitrep.member
}
