"""Warehouse-native audience segmentation, beside the dbt project of that name."""
