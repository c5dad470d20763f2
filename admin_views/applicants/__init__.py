"""What applicants ask the office for (本人からの依頼): the list with due days, the decision."""
