from django.urls import path

from education.consultations.public import receipt, views

urlpatterns = [
    path("request-a-consultation/", views.consultation_form, name="consultation_form"),
    path("my-questions/", views.my_questions, name="my_questions"),
    path("my-request/<str:token>/", receipt.receipt, name="receipt"),
    path("my-request/<str:token>/add/", receipt.add, name="receipt_add"),
    path("my-request/<str:token>/withdraw/", receipt.withdraw, name="receipt_withdraw"),
]
