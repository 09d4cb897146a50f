from django.urls import path

from education.desk import views

urlpatterns = [
    path("desk/load-examples/", views.load_examples, name="desk_load_examples"),
    path("desk/retry-mail/", views.retry_mail, name="desk_retry_mail"),
    path("review-board/", views.board, name="review_board"),
]
